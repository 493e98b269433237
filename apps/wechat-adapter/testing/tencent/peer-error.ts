/** What a peer answers instead of what was asked: `{"errcode":…,"errmsg":…}`. */
export class PeerError extends Error {
  constructor(
    readonly errcode: number,
    errmsg: string,
  ) {
    super(errmsg);
  }
}
