/** How we log in to a server of a mailbox: by a password, or by a token that stands for one. */
export interface Login {
  user: string;
  pass?: string;
  accessToken?: string;
}
