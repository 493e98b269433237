import type { AccountFace } from '@yixian/contracts';
import { useDesk } from '../desk/desk-context.tsx';
import { useResource } from './resource.ts';

/** Finds what agents may know of an account, by its id; nothing while that is not loaded. */
export function useAccountFaces(): (id: string) => AccountFace | undefined {
  const faces = useResource(useDesk().faces);
  return (id) => (faces.status === 'ready' ? faces.value.find((face) => face.id === id) : undefined);
}

/** What people call an account; its id while that is not known. */
export function useAccountName(): (id: string) => string {
  const face = useAccountFaces();
  return (id) => face(id)?.name ?? id;
}
