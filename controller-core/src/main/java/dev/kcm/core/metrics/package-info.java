/** Names, help texts and buckets of meters, exactly as dashboards know them. */
@NullMarked
package dev.kcm.core.metrics;

import org.jspecify.annotations.NullMarked;
