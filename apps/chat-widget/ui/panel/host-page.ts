import type { Boot, ToLoader, ToPanel } from '../bridge.ts';

/** The shop's page, as the panel reaches it: over the port that the loader handed in. */
export interface HostPage {
  boot: Boot;
  tell(message: ToLoader): void;
  listen(hear: (message: ToPanel) => void): void;
}

/** Resolves with the first greeting that comes from our parent and from the origin this page was made for. */
export function hostPage(origin: string): Promise<HostPage> {
  return new Promise((resolve) => {
    addEventListener('message', function greeted(event: MessageEvent) {
      const boot = event.data as Boot | undefined;
      const port = event.ports[0];
      if (event.origin !== origin || event.source !== parent || boot?.yixian !== 1 || !port) return;
      removeEventListener('message', greeted);
      resolve({
        boot,
        tell: (message) => port.postMessage(message),
        listen: (hear) => (port.onmessage = ({ data }) => hear(data as ToPanel)),
      });
    });
  });
}
