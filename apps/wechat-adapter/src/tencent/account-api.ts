import type { AccessToken } from './access-token.ts';
import type { Answer, Request, TencentApi } from './tencent-api.ts';

/** What an account can be asked, of whichever kind it is: every call carries its access token. */
export abstract class AccountApi {
  constructor(
    protected readonly api: TencentApi,
    protected readonly token: AccessToken,
  ) {}

  /** A temporary file. Throws `TencentRefused` or `TencentSilent`. */
  abstract media(mediaId: string): Promise<Buffer>;

  call(request: Request): Promise<Answer> {
    return this.token.use((access_token) =>
      this.api.call({ ...request, query: { ...request.query, access_token } }),
    );
  }

  async upload(file: { content: Buffer; name: string; type: string }, type: string): Promise<string> {
    const { media_id: id } = await this.call({ path: 'cgi-bin/media/upload', query: { type }, file });
    return String(id);
  }
}
