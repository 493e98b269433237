/** Ports nobody listens on just now, all different. */
export function freePorts(count: number): Promise<number[]>;
