import { Controller, Module } from '@nestjs/common';
import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, Payload, Server } from '@nestjs/microservices';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import type { MessageReceived } from '@yixian/contracts';
import type { TestServer } from '@yixian/database/testing';
import { isObservable, lastValueFrom } from 'rxjs';
import { Column, CreateDateColumn, Entity, Index, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Relation } from 'typeorm';
import { Repository } from 'typeorm';
import type { Contender } from './contender.ts';

@Entity('textbook_contact')
@Unique(['channel', 'address'])
export class TextbookContact {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column() channel: string;
  @Column() address: string;
  @CreateDateColumn() createdAt: Date;
}

@Entity('textbook_message')
export class TextbookMessage {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Index({ unique: true }) @Column() nativeId: string;
  @Index() @ManyToOne(() => TextbookContact) contact: Relation<TextbookContact>;
  @Column('text') text: string;
  @Column('jsonb') payload: unknown;
  @CreateDateColumn() createdAt: Date;
}

/** The handler everybody writes first: look, make, look, save; one message at a time. */
@Controller()
class TextbookHandler {
  constructor(
    @InjectRepository(TextbookContact) private readonly contacts: Repository<TextbookContact>,
    @InjectRepository(TextbookMessage) private readonly messages: Repository<TextbookMessage>,
  ) {}

  @EventPattern('message')
  async take(@Payload() { channel, address, nativeId, text, payload }: MessageReceivedShape): Promise<void> {
    const found = await this.contacts.findOne({ where: { channel, address } });
    const contact = found ?? (await this.contacts.save(this.contacts.create({ channel, address })));
    if (await this.messages.findOne({ where: { nativeId } })) return;
    await this.messages.save(this.messages.create({ nativeId, contact, text, payload }));
  }
}

type MessageReceivedShape = Pick<MessageReceived, 'channel' | 'address' | 'nativeId' | 'text' | 'payload'>;

/** A transport without a network: what it is given reaches the handler as from any broker. */
class DirectTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('direct');

  listen(callback: () => void): void {
    callback();
  }

  async close(): Promise<void> {}

  on(): void {}

  unwrap<T>(): T {
    return this as unknown as T;
  }

  async deliver(data: unknown): Promise<void> {
    const result: unknown = await this.getHandlerByPattern('message')!(data);
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }
}

/** NestJS and TypeORM as their documentation shows them. */
export class Textbook implements Contender {
  readonly name = 'textbook Nest + TypeORM';
  readonly amount = 500;

  private constructor(
    private readonly app: INestMicroservice,
    private readonly transport: DirectTransport,
  ) {}

  static async open(server: TestServer): Promise<Textbook> {
    const entities = [TextbookContact, TextbookMessage];
    const transport = new DirectTransport();
    @Module({
      imports: [
        TypeOrmModule.forRoot({ type: 'postgres', url: server.url(), entities, synchronize: true }),
        TypeOrmModule.forFeature(entities),
      ],
      controllers: [TextbookHandler],
    })
    class TextbookModule {}
    const app = await NestFactory.createMicroservice(TextbookModule, { strategy: transport, logger: false });
    await app.listen();
    return new Textbook(app, transport);
  }

  async take(batch: string[]): Promise<void> {
    for (const text of batch) await this.transport.deliver(JSON.parse(text));
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}
