import { channelSuite } from '@yixian/channel/testing';
import { officialAccountWorld } from '../testing/official-account-world.ts';

channelSuite('an official account', officialAccountWorld);
