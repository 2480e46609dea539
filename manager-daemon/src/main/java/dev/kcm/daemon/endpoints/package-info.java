/** The paths of the HTTPS port: health and metrics. */
@NullMarked
package dev.kcm.daemon.endpoints;

import org.jspecify.annotations.NullMarked;
