/** A file that lies with the provider and has to be fetched. */
export interface MediaRef {
  /** The provider's own id of it. */
  id: string;
  /** As it shall be called, with an ending where one is known. */
  name: string;
}
