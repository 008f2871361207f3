import { checkIds } from '../../charts/config/check-ids';
import { checks } from '../../charts/policy/checks';
import { cases } from './cases';
import { deployment } from './deployment';
import { judge } from './objects';

describe('the policy', () => {
  it('finds nothing in the good Deployment that the cases start from', () => {
    expect(judge([deployment()])).toEqual([]);
  });

  it('has a violating and a passing manifest for every check, and no case without a check', () => {
    expect(Object.keys(cases).sort()).toEqual(checks.map(({ id }) => id).sort());
    for (const { violating, passing } of Object.values(cases)) {
      expect(violating.length).toBeGreaterThan(0);
      expect(passing.length).toBeGreaterThan(0);
    }
  });

  it('has the checks that exceptions may name, in their order', () => {
    expect(checks.map(({ id }) => id)).toEqual(checkIds);
  });

  it('says of every check what it demands, what goes wrong without it and what to write', () => {
    for (const { id, title, reason, fix } of checks) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      expect(reason).toMatch(/^[A-Z].*\.$/);
      expect(fix).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe.each(Object.entries(cases))('%s', (checkId, { violating, passing }) => {
  it.each(violating)('refuses $name', ({ manifest, beside = [], findings }) => {
    const expected = Object.entries(findings).map(([path, found]) => ({ checkId, path, found }));
    const seen = judge([...beside, manifest]).map(({ checkId, path, found }) => ({ checkId, path, found }));
    // A field that is unreadable is unreadable for the other checks too; else no check may notice another's matter.
    const own = checkId === 'well-formed' ? seen.filter((violation) => violation.checkId === checkId) : seen;
    expect(own).toStrictEqual(expected);
  });

  it.each(passing)('accepts $name', ({ manifest, beside = [] }) => {
    expect(judge([...beside, manifest])).toEqual([]);
  });
});
