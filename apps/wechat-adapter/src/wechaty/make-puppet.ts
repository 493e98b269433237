import type { Puppet } from 'wechaty-puppet';
import type { Account } from '../account.ts';
import type { SimulatedWechat } from './simulator/simulated-wechat.ts';

type PuppetClass = new (options: Record<string, unknown>) => Puppet;

/** A puppet's package may only be named so: what is imported is code. */
const NAME = /^(@[a-z0-9-]+\/)?[a-z0-9-]*puppet[a-z0-9-]*$/;

/** No such puppet, or its package is not installed. */
export class PuppetMissing extends Error {
  override readonly name = 'PuppetMissing';
  readonly code = 'puppet_missing';
  readonly retryable = false;
}

/** Makes the puppet that an account names, or else `preset`. Throws {@link PuppetMissing}. */
export async function makePuppet(
  { puppet, puppetToken, puppetEndpoint }: Pick<Account, 'puppet' | 'puppetToken' | 'puppetEndpoint'>,
  preset: string | undefined,
): Promise<Puppet> {
  const name = puppet || preset;
  if (!name) throw new PuppetMissing('Name a puppet: in the account, or by WECHATY_PUPPET.');
  const Class = await classOf(name);
  return new Class({
    ...(puppetToken && { token: puppetToken }),
    ...(puppetEndpoint && { endpoint: puppetEndpoint }),
    // A token that says so itself; everything else is encrypted.
    ...(puppetToken.startsWith('insecure_') && { tls: { disable: true } }),
  });
}

/** A puppet in the simulated WeChat. Wechaty is optional, and so is what extends it. */
export async function simulatorPuppet(wechat: SimulatedWechat): Promise<Puppet> {
  const { SimulatorPuppet } = await import('./simulator/simulator-puppet.ts');
  return new SimulatorPuppet(wechat);
}

async function classOf(name: string): Promise<PuppetClass> {
  if (!NAME.test(name)) throw new PuppetMissing(`"${name}" is not the name of a puppet.`);
  try {
    const module = (await import(name)) as Record<string, unknown>;
    return (module.default ?? Object.values(module).find((one) => typeof one === 'function')) as PuppetClass;
  } catch (cause) {
    throw Object.assign(new PuppetMissing(`Install ${name} beside this: npm install ${name}`), { cause });
  }
}
