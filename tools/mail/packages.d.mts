/** Makes sure that a Debian package's program is here: installs it when we may. Throws, in words, when it cannot be had. */
export function needProgram(program: string, packages: string[]): void;
