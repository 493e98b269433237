import type { Role } from '@yixian/contracts';

const rank: Record<Role, number> = { agent: 1, supervisor: 2, admin: 3 };

/** Whether somebody with the role `has` may do what asks for `needs`. Each role may do all that a lower one may. */
export const mayDo = (has: Role, needs: Role): boolean => rank[has] >= rank[needs];
