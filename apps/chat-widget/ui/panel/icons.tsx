const paths = {
  close: 'm6 9 6 6 6-6',
  qr: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2M20 14v6h-6',
  clip: 'm20 11.5-8.3 8.3a5.2 5.2 0 0 1-7.4-7.4l8.5-8.5a3.5 3.5 0 0 1 5 5l-8.4 8.4a1.7 1.7 0 0 1-2.5-2.5l7.7-7.6',
  send: 'M5 12 3.5 4.5 21 12 3.5 19.5 5 12Zm0 0h7',
  file: 'M13.5 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8.5L13.5 3Zm0 0v5.5H19',
  cross: 'm7 7 10 10M17 7 7 17',
  star: 'm12 3.5 2.7 5.5 6 .9-4.35 4.2 1 6L12 17.3 6.65 20.1l1-6L3.3 9.9l6-.9L12 3.5Z',
  sent: 'm5 12.5 4.5 4.5L19 7.5',
  read: 'm2 12.5 4.5 4.5L16 7.5M11.5 16l1 1L22 7.5',
} as const;

/** Decoration: what it means is said in words beside it or on its button. */
export const Icon = ({ name }: { name: keyof typeof paths }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);
