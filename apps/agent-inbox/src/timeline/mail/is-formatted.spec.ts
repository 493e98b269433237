import { expect, it } from '@jest/globals';
import { hasOwnColours, isFormatted } from './is-formatted.ts';

it.each([
  ['<div>好的<br></div><p>谢谢</p>', false],
  ['<p style="margin:0">Hello</p><blockquote>Earlier</blockquote>', false],
  ['<p>See <a href="https://a.cn">here</a></p>', true],
  ['<table><tr><td>1</td></tr></table>', true],
  ['<p style="color:red">!</p>', true],
  ['<img src="cid:1">', true],
])('%s is formatted: %s', (html, formatted) => expect(isFormatted(html)).toBe(formatted));

it.each([
  ['<p style="margin:0">Hello</p>', false],
  ['<p style="color:#000000">Hello</p>', false],
  ['<p style="color: black;font-size:12px">Hello</p>', false],
  ['<font color="black">Hello</font>', false],
  ['<td bgcolor="#ffffff">', true],
  ['<p style="color:#c00">Hello</p>', true],
  ['<div style="background-color:#fafafa">', true],
])('%s has its own colours: %s', (html, own) => expect(hasOwnColours(html)).toBe(own));
