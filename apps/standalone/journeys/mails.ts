import { createTransport } from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';

/** Brings mails to the built-in receiver, as any mail server on the way to it does. */
export class MailServer {
  private readonly transport;

  constructor(port: number) {
    this.transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true, pool: false });
  }

  /** Resolves once the mail was taken: with the 250 it is ours. */
  async bring(mail: SendMailOptions): Promise<void> {
    await this.transport.sendMail({ to: 'support@example.com', ...mail });
  }
}

/** Ways to run something from inside a mail. Each would set `xss` on the page, if it did. */
export const attacks = [
  '<script>top.xss=1</script>',
  '<img src=x onerror="top.xss=1">',
  '<svg onload="top.xss=1"><script>top.xss=1</script></svg>',
  '<iframe srcdoc="<script>top.xss=1</script>"></iframe>',
  '<iframe src="javascript:top.xss=1"></iframe>',
  '<a href="javascript:top.xss=1">press me</a>',
  '<a href=" &#x6a;avascript:top.xss=1">press me</a>',
  '<form action="javascript:top.xss=1"><button>press me</button></form>',
  '<input autofocus onfocus="top.xss=1">',
  '<details open ontoggle="top.xss=1"><summary>press me</summary></details>',
  '<video><source onerror="top.xss=1"></video>',
  '<object data="data:text/html,<script>top.xss=1</script>"></object>',
  '<embed src="javascript:top.xss=1">',
  '<meta http-equiv="refresh" content="0;url=javascript:top.xss=1">',
  '<base href="javascript:top.xss=1//">',
  '<link rel="stylesheet" href="http://evil.example/x.css">',
  '<style>@import "http://evil.example/x.css"; body{background:url(http://evil.example/x.png)}</style>',
  '<p style="background:url(http://evil.example/x.png);position:fixed;inset:0">over everything</p>',
  '<table background="http://evil.example/x.png"><tr><td>cell</td></tr></table>',
  '<noscript><p title="</noscript><img src=x onerror=top.xss=1>"></noscript>',
  '<svg><style><img src=x onerror="top.xss=1"></style></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror="top.xss=1"></style></mglyph></table></mtext></math>',
  '<img src="http://evil.example/pixel.gif">',
  '<img srcset="http://evil.example/pixel.gif 1x">',
];
