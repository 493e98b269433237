interface ProjectGraph {
  nodes: Record<string, { data: { tags?: string[] } }>;
  dependencies: Record<string, { source: string; target: string; type: string }[]>;
}
export function checkArrows(graph: ProjectGraph): string[];
export function checkAbsences(files: { path: string; text: string }[]): string[];
