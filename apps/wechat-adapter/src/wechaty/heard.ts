/** What a puppet let us hear, as plain data: everything that a conversion needs, and no puppet. */
export interface Heard {
  id: string;
  /** Of the puppet's message types, by name: `Text`, `Image`, … */
  type: string;
  /** Milliseconds since 1970. */
  at: number;
  text: string;
  talker: { id: string; name: string };
  room?: { id: string; topic: string; mentionsUs: boolean };
  /** What the type says beside text. */
  url?: {
    title?: string | undefined;
    url?: string | undefined;
    description?: string | undefined;
    thumbnailUrl?: string | undefined;
  };
  location?: { latitude?: number; longitude?: number; name?: string; address?: string };
  miniProgram?: {
    title?: string | undefined;
    appid?: string | undefined;
    pagePath?: string | undefined;
    thumbUrl?: string | undefined;
  };
  card?: { id: string; name: string };
  file?: { name: string };
}
