/** The page for people who are to join starts here: apart from the web UI, and without anything of it that needs a session. */
import '../styles.css';

import { start } from '../shell/start.tsx';
import { InvitedPage } from './invited-page.tsx';

start(<InvitedPage place={window.location} />);
