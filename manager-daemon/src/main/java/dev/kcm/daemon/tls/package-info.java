/** Certificates and keys: read from PEM files, or made when none are given. */
@NullMarked
package dev.kcm.daemon.tls;

import org.jspecify.annotations.NullMarked;
