import { type ReactNode, useRef } from 'react';
import { useDesk, useDeskState } from '../desk/desk-context.tsx';
import { useNow } from '../ui/now.ts';
import { useObservable } from '../ui/observable.ts';
import { useLanguage } from '../words/words.tsx';

/** After this long without a connection the bar says how old the content is, in milliseconds. */
const STALE_AFTER = 60_000;

/** Says that the connection is gone and when it will be tried again; or that a new version waits. */
export function ConnectionBar(): ReactNode {
  const { words, formats } = useLanguage();
  const { sync, outbox } = useDesk();
  const connection = useObservable(sync.connection);
  const queued = useObservable(
    outbox.items,
    (items) => items.filter((item) => item.state !== 'failed').length,
  );
  const lost = useRef<number>(undefined);
  if (connection.status === 'waiting') lost.current = connection.since;
  if (connection.status === 'online') lost.current = undefined;
  if (lost.current === undefined) return <VersionBar />;
  return (
    <div className="connection-bar" role="status">
      <strong>{words.connection.lost}</strong>
      {connection.status === 'waiting' ? (
        <Countdown until={connection.until} />
      ) : (
        <span>{words.connection.retrying}</span>
      )}
      {queued > 0 && <span>{words.connection.queued(formats.number(queued))}</span>}
      <Age since={lost.current} />
      <button type="button" className="link-button" onClick={sync.retryNow}>
        {words.connection.retryNow}
      </button>
    </div>
  );
}

/** Not read aloud: it changes every second. */
function Countdown({ until }: { until: number }): ReactNode {
  const { words, formats } = useLanguage();
  const seconds = useNow((now) => Math.max(1, Math.ceil((until - now) / 1000)));
  return <span aria-hidden="true">{words.connection.retryIn(formats.number(seconds))}</span>;
}

function Age({ since }: { since: number }): ReactNode {
  const { words, formats } = useLanguage();
  const age = useNow((now) => (now - since > STALE_AFTER ? formats.span(now - since) : undefined));
  return age && <span aria-hidden="true">{words.connection.stale(age)}</span>;
}

function VersionBar(): ReactNode {
  const words = useLanguage().words;
  const build = useDeskState((state) => state.build);
  const first = useRef<string>(undefined);
  first.current ??= build ?? undefined;
  if (!build || build === first.current) return null;
  return (
    <div className="connection-bar calm" role="status">
      <strong>{words.connection.newVersion}</strong>
      <button type="button" className="link-button" onClick={() => location.reload()}>
        {words.connection.reload}
      </button>
    </div>
  );
}
