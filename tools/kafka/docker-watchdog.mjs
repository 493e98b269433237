// Removes containers whose starter is gone: its standard input closes then. Arguments: the network, the containers.
import { spawnSync } from 'node:child_process';

const [network, ...containers] = process.argv.slice(2);

process.stdin.resume().on('close', () => {
  spawnSync('docker', ['rm', '-f', '-v', ...containers], { stdio: 'ignore' });
  spawnSync('docker', ['network', 'rm', network], { stdio: 'ignore' });
});
