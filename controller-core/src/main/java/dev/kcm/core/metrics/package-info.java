/**
 * Names, help texts and buckets of meters, exactly as dashboards know them.
 *
 * <p>Start from {@link dev.kcm.core.metrics.MeterGroup}:
 *
 * <pre>{@code
 * MeterGroup meters = MeterGroup.in(registry, Tags.of("name", "greeting"));
 * Counter adds = meters.counter("workqueue_adds_total", "[ALPHA] Total number of adds ...");
 * Timer waited =
 *     meters.histogram("workqueue_queue_duration_seconds", "...", Buckets.workQueueSeconds());
 * meters.close(); // takes them out of the registry again
 * }</pre>
 *
 * <p>Registries that keep a maximum for each histogram, as Micrometer's Prometheus registry does,
 * show it under the histogram's name with {@code _max}; who renders the scrape leaves that out.
 */
@NullMarked
package dev.kcm.core.metrics;

import org.jspecify.annotations.NullMarked;
