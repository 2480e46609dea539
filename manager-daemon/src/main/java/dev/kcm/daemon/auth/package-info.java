/** Who sends a request to the HTTPS port, and whether it may. */
@NullMarked
package dev.kcm.daemon.auth;

import org.jspecify.annotations.NullMarked;
