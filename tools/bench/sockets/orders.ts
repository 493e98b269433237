/** What holds sockets open, each answered once they all are. */
export type Order =
  /**
   * `namespace`: of Socket.IO, with what it is entered by. Without one, bare WebSocket at `path`; with a `greeting` the
   * socket is open when that has been answered.
   */
  | {
      do: 'open';
      port: number;
      count: number;
      namespace?: string;
      auth?: object;
      path?: string;
      greeting?: string;
    }
  /** Of those that are open, so many stop reading. */
  | { do: 'stall'; count: number }
  | { do: 'close' };

export interface Answer {
  open: number;
  /** Sockets that the other side has closed. */
  closed: number;
}
