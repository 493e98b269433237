import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { newId } from '@yixian/contracts';
import { mock, PuppetMock } from 'wechaty-puppet-mock';
import type { Puppet } from 'wechaty-puppet';

/** By a name that the compiler does not follow: the package brings old types of Node along. */
const SERVICE: string = 'wechaty-puppet-service';
interface SomeServer {
  start(): Promise<void>;
  stop(): Promise<void>;
}
interface Service {
  PuppetServer: new (options: object) => SomeServer;
  PuppetService: new (options: object) => Puppet;
}
const service = (): Promise<Service> => import(SERVICE) as Promise<Service>;

type Mocker = InstanceType<typeof mock.Mocker>;

interface Said {
  text(): string;
  talker(): { id: string } | undefined;
}

/** A WeChat made by `wechaty-puppet-mock`: its people, and what the bot said to them. */
export class MockedWechat {
  readonly arrived = new Map<string, string[]>();
  private mocker: Mocker | undefined;

  /** A puppet that logs in as soon as it is started. */
  puppet(): PuppetMock {
    const mocker = new mock.Mocker();
    this.mocker = mocker;
    const puppet = new PuppetMock({ mocker });
    const start = puppet.onStart.bind(puppet);
    puppet.onStart = async () => {
      await start();
      setImmediate(() => mocker.login(mocker.createContact({ id: 'bot', name: 'bot' })));
    };
    return puppet;
  }

  say({ from, text }: { from: string; text: string }): void {
    const mocker = this.mocker!;
    this.person(from).say(text).to(mocker.ContactMock.load('bot'));
  }

  /** Somebody whose mail box is ours. */
  person(id: string) {
    const mocker = this.mocker!;
    const known = mocker.cacheContactPayload.has(id);
    const person = known ? mocker.ContactMock.load(id) : mocker.createContact({ id, name: id });
    const box = person as unknown as { on(event: 'message', heard: (message: Said) => void): void };
    if (!known)
      box.on('message', (message) => {
        if (message.talker()?.id === 'bot')
          this.arrived.set(id, [...(this.arrived.get(id) ?? []), message.text()]);
      });
    return person;
  }
}

/** A gateway: a puppet behind gRPC, on this machine, that can be killed and started again. */
export class Gateway {
  readonly token = `insecure_${newId<string>()}`;
  private server: SomeServer | undefined;
  private puppet: Puppet | undefined;

  private constructor(
    private readonly port: number,
    private readonly makePuppet: () => Puppet,
  ) {}

  static async open(makePuppet: () => Puppet): Promise<Gateway> {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    const gateway = new Gateway(port, makePuppet);
    await gateway.start();
    return gateway;
  }

  async start(): Promise<void> {
    const puppet = this.makePuppet();
    this.puppet = puppet;
    // Logged in before it listens: who connects finds it so.
    await puppet.start();
    if (!puppet.isLoggedIn) await new Promise((resolve) => puppet.once('login', resolve));
    const endpoint = `127.0.0.1:${this.port}`;
    const { PuppetServer } = await service();
    this.server = new PuppetServer({ endpoint, puppet, token: this.token, tls: { disable: true } });
    await this.server.start();
  }

  async kill(): Promise<void> {
    await this.server?.stop();
    await this.puppet?.stop();
  }

  /** What connects to it. */
  async client(): Promise<Puppet> {
    const { PuppetService } = await service();
    return new PuppetService({
      token: this.token,
      endpoint: `127.0.0.1:${this.port}`,
      tls: { disable: true },
    });
  }
}
