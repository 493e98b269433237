import { greeting } from './welcome.ts';

it('says where to look, and the first password only when there is one', () => {
  const first = greeting('http://localhost:3000', { email: 'admin@example.com', password: 'abcd2345' });
  expect(first).toContain('http://localhost:3000/demo');
  expect(first).toContain('abcd2345');
  expect(greeting('http://localhost:3000', undefined)).not.toMatch(/Password/);
});
