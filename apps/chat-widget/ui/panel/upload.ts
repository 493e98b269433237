import type { Problem } from '@yixian/contracts/problem';
import type { Uploaded, UploadPass } from '@yixian/contracts/visitor-socket';

/** A file on its way up. */
export interface Upload {
  id: number;
  name: string;
  size: number;
  /** A picture of it, when it is a picture. */
  preview: string | undefined;
  percent: number;
  /** A Problem's code, once it failed. */
  code: string;
  again(): void;
  cancel(): void;
}

interface UploadSteps {
  /** Asks the server for leave to upload; undefined when the line is broken. */
  pass(): Promise<UploadPass | Problem | undefined>;
  changed(): void;
  done(uploaded: Uploaded): void;
}

let count = 0;

/** Starts to upload a file, or marks it as failed at once when it is too large. */
export function startUpload(file: File, maxBytes: number, steps: UploadSteps): Upload {
  const request = new XMLHttpRequest();
  const upload: Upload = {
    id: ++count,
    name: file.name,
    size: file.size,
    preview: file.type.startsWith('image/') ? URL.createObjectURL(file) : undefined,
    percent: 0,
    code: '',
    again: () => void run(),
    cancel() {
      request.abort();
      if (upload.preview) URL.revokeObjectURL(upload.preview);
    },
  };
  const fail = (code: string) => {
    upload.code = code;
    steps.changed();
  };
  request.upload.onprogress = ({ loaded, total }) => {
    upload.percent = Math.round((100 * loaded) / total);
    steps.changed();
  };
  request.onload = () => {
    const answer = answerOf(request.responseText);
    if (answer && 'file' in answer) steps.done(answer);
    else fail(answer?.error.code ?? 'unavailable');
  };
  request.onerror = () => fail('unavailable');

  async function run(): Promise<void> {
    if (file.size > maxBytes) return fail('too_large');
    upload.code = '';
    const pass = await steps.pass();
    if (!pass || 'error' in pass) return fail(pass?.error.code ?? 'unavailable');
    const form = new FormData();
    form.append('file', file);
    request.open('POST', pass.url);
    request.send(form);
  }
  void run();
  return upload;
}

function answerOf(body: string): Uploaded | Problem | undefined {
  try {
    return JSON.parse(body) as Uploaded | Problem;
  } catch {
    return undefined;
  }
}
