import type { Attachment } from '@yixian/contracts';
import { useRef, useState } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { codeOf, type FailureCode } from '../http/request-failed.ts';

/** A file on its way up. */
export interface Upload {
  id: number;
  file: File;
  /** 0 to 1. */
  share: number;
  code?: FailureCode;
}

interface Uploads {
  uploads: readonly Upload[];
  add(files: Iterable<File>): void;
  retry(id: number): void;
  remove(id: number): void;
}

/** Uploads files one by one as they are added; `onDone` gets what the hub stored. */
export function useUploads(onDone: (attachment: Attachment) => void): Uploads {
  const { api } = useDesk();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const running = useRef(new Map<number, AbortController>());
  const nextId = useRef(0);
  const change = (id: number, change: Partial<Upload>) =>
    setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...change } : one)));
  const drop = (id: number) => setUploads((all) => all.filter((one) => one.id !== id));

  const run = async ({ id, file }: Upload) => {
    const abort = new AbortController();
    running.current.set(id, abort);
    try {
      onDone(await api.upload(file, (share) => change(id, { share }), abort.signal));
      drop(id);
    } catch (thrown) {
      if (!abort.signal.aborted) change(id, { code: codeOf(thrown) });
    } finally {
      running.current.delete(id);
    }
  };
  return {
    uploads,
    add(files) {
      const added = [...files].map((file): Upload => ({ id: nextId.current++, file, share: 0 }));
      setUploads((all) => [...all, ...added]);
      for (const upload of added) void run(upload);
    },
    retry(id) {
      const upload = uploads.find((one) => one.id === id);
      change(id, { share: 0, code: undefined });
      if (upload) void run(upload);
    },
    remove(id) {
      running.current.get(id)?.abort();
      drop(id);
    },
  };
}
