import { channelSuite } from '@yixian/channel/testing';
import { anEmailWorld } from '../testing/email-world.ts';

channelSuite('e-mail', () => anEmailWorld());
