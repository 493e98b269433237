import type { CustomTransportStrategy, MessageHandler } from '@nestjs/microservices';
import { BaseRpcContext, Server } from '@nestjs/microservices';
import type { TopicSpec } from '@yixian/contracts';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Batch, BatchContext, Bus, Subscribed, Subscription } from '../bus.ts';

/**
 * The second argument of `@EventPattern<string>(topic.name, …)`: how to subscribe. Either `group` or `delivery`.
 * Name the type argument: Nest's other signatures know nothing of a context.
 */
export interface EventOptions {
  group?: string;
  delivery?: 'every' | 'state';
  cursor?: Subscription['cursor'];
  maxBatch?: number;
}

export interface BusServerOptions {
  bus: Bus;
  /** The topics that handlers may name. */
  topics: readonly TopicSpec[];
}

interface Binding {
  topic: TopicSpec;
  callback: MessageHandler;
  options: EventOptions;
}

/**
 * Lets the bus call `@EventPattern` methods: `@Payload()` is a whole {@link Batch}, `@Ctx()` the {@link BatchContext}.
 * Guards, pipes and interceptors run once per batch. What the method throws reaches the bus, which decides by it;
 * connect it by `connectBus`, so that Nest does not replace the error on the way.
 */
export class BusServer extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol.for('yixian.bus');
  override readonly propagatesEventHandlerErrors = true;
  private readonly bindings: Binding[] = [];
  private subscribed: Subscribed[] = [];

  constructor(private readonly options: BusServerOptions) {
    super();
  }

  /** Handlers of one topic are subscriptions of their own, not a chain as in Nest's own transports. */
  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEventHandler = false,
    extras: EventOptions = {},
  ): void {
    const topic = this.options.topics.find(({ name }) => name === pattern);
    if (!isEventHandler)
      throw new Error(`${String(pattern)}: the bus carries events and no questions. Use @EventPattern.`);
    if (!topic) throw new Error(`@EventPattern('${String(pattern)}') names a topic that does not exist.`);
    if (!extras.group === !extras.delivery)
      throw new Error(`@EventPattern('${topic.name}') needs a group or a delivery.`);
    // Nest chains handlers of one name, and each would call the next.
    super.addHandler(`${topic.name} ${this.bindings.length}`, callback, true, extras);
    this.bindings.push({ topic, callback, options: extras });
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      await Promise.all(this.bindings.map((binding) => this.subscribe(binding)));
    } catch (error) {
      return callback(error);
    }
    this._status$.next('connected');
    callback();
  }

  /** Waits for the running batches. */
  async close(): Promise<void> {
    await Promise.all(this.subscribed.map((subscribed) => subscribed.stop()));
    this.subscribed = [];
  }

  on(): never {
    throw new Error('The bus server has no events of its own; see `status`.');
  }

  unwrap<T>(): T {
    return this.options.bus as T;
  }

  private async subscribe({ topic, callback, options }: Binding): Promise<void> {
    const { group, delivery, cursor, maxBatch } = options;
    const subscribed = await this.options.bus.subscribe({
      topic,
      delivery: group === undefined ? delivery! : { group },
      ...(cursor && { cursor }),
      ...(maxBatch && { maxBatch }),
      handler: (batch, context) => this.handle(callback, batch, context),
    });
    this.subscribed.push(subscribed);
  }

  private async handle(callback: MessageHandler, batch: Batch, context: BatchContext): Promise<void> {
    const hooked = new HookContext([batch]);
    await this.runWithProcessingHooks(hooked, async (runEndHook) => {
      const result: unknown = await callback(batch, context);
      if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
      runEndHook();
    });
  }
}

/** What Nest's processing hooks get to see. */
class HookContext extends BaseRpcContext<[Batch]> {}
