// Signing in with the service's token, and out.

import { send } from './api.js';
import { element, fill } from './dom.js';
import { forget, remember, remembered } from './memory.js';
import { problem, showTrouble } from './messages.js';

/** The form that asks for the token; `done` is called once it was taken. */
export function signInPage(signal, done) {
  const token = element('input', { id: 'token', type: 'password', required: true, autocomplete: 'current-password' });
  const trouble = element('div');
  const button = element('button', { class: 'main' }, 'Sign in');
  const form = element('form', { class: 'signIn' },
    element('p', {}, 'This auditd asks for a token: the content of the file that its --token-file names.'),
    element('label', { htmlFor: 'token' }, 'Token'), token, button, trouble);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    fill(trouble);
    try {
      await send('POST', '/v1/session', { token: token.value });
      // Scripts cannot see the session's cookie, so whether there is one to sign out of is remembered here.
      remember('signedIn', 'yes');
      done();
    } catch (error) {
      fill(trouble, problem(error));
      token.focus();
    } finally {
      button.disabled = false;
    }
  }, { signal });
  return { title: 'Sign in', trail: [], body: [form] };
}

/** Offers to sign out where somebody signed in; `done` is called afterwards. */
export function offerSignOut(done) {
  const button = document.getElementById('signOut');
  button.hidden = !remembered('signedIn');
  button.onclick = async () => {
    try {
      await send('DELETE', '/v1/session');
      hideSignOut();
      done();
    } catch (error) {
      showTrouble(`Still signed in. ${error.message}`);
    }
  };
}

export function hideSignOut() {
  forget('signedIn');
  document.getElementById('signOut').hidden = true;
}
