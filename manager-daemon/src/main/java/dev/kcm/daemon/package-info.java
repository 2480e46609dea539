/** The program kube-controller-manager. */
@NullMarked
package dev.kcm.daemon;

import org.jspecify.annotations.NullMarked;
