import { parseAllDocuments } from 'yaml';
import { kustomize } from './kustomize.mjs';

/** The objects of a kustomization. Throws, in words, when it cannot be rendered. */
export function render(folder) {
  return parseAllDocuments(kustomize(folder)).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS() ?? [];
  });
}

export const idOf = ({ kind, metadata }) => `${kind}/${metadata?.name}`;
