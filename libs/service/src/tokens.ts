/**
 * What every Nest class of every app may inject: `constructor(@Inject(BUS) private readonly bus: Bus)`, with the type
 * imported as a type. Each is the member of {@link AppContext} of that name.
 */
export const DATABASE = Symbol('yixian:database');
export const BUS = Symbol('yixian:bus');
export const MEDIA = Symbol('yixian:media');
export const CLOCK = Symbol('yixian:clock');
export const LOGGER = Symbol('yixian:logger');
export const SECRET = Symbol('yixian:secret');
export const METRICS = Symbol('yixian:metrics');
