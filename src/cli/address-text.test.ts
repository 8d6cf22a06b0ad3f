import { describe, expect, it } from 'vitest';

import { addressText } from './address-text.ts';

describe('the addresses of a member', () => {
  it('are shown with IPv4 before IPv6, each kind as it came', () => {
    const given = ['fd80::1/88', '10.0.0.9/24', 'fc00::1/40', '10.0.0.1/24'];
    expect(addressText(given)).toBe('10.0.0.9/24, 10.0.0.1/24, fd80::1/88, fc00::1/40');
    expect(addressText([])).toBe('');
  });
});
