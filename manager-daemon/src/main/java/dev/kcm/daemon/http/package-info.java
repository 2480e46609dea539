/**
 * The HTTPS listener and the chain every request passes: authentication, authorization, routing.
 */
@NullMarked
package dev.kcm.daemon.http;

import org.jspecify.annotations.NullMarked;
