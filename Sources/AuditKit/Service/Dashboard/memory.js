// What the dashboard keeps between visits: a reviewer's name, and whether somebody signed in.

// A browser that refuses storage throws at the first touch. The dashboard works without; it only forgets.
function tried(access) {
  try {
    return access(localStorage);
  } catch {
    return undefined;
  }
}

export const remembered = (name) => tried((storage) => storage.getItem(`auditd.${name}`)) ?? '';
export const remember = (name, value) => tried((storage) => storage.setItem(`auditd.${name}`, value));
export const forget = (name) => tried((storage) => storage.removeItem(`auditd.${name}`));
