/**
 * A page that shows what goes on in an embedded cluster, live.
 *
 * <p>Start from {@link dev.kcm.embedded.ui.UiServer}. The page only looks: there is no way to
 * change anything through it. It is served on a port of its own on the loopback address, over plain
 * HTTP, and knows the visitor by a key in the fragment of its address, which browsers send to
 * nobody; the script passes it on in a header, which pages of other origins cannot set.
 */
@NullMarked
package dev.kcm.embedded.ui;

import org.jspecify.annotations.NullMarked;
