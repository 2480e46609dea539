/**
 * Work queues: de-duplicating, delaying, rate-limited, with the meters dashboards know.
 *
 * <p>What holds: a key is in the queue at most once however often it is added; no key is with two
 * workers at a time; a key added while it is being worked on is worked on once more afterwards;
 * keys come out in the order they became ready, or by priority where the queue was made so. What is
 * not promised: any order between a delayed key and one added meanwhile, and delivery after
 * shutdown.
 *
 * <pre>{@code
 * WorkQueue<ObjectKey> queue = WorkQueues.named("greeting").create(Environment.system());
 * queue.add(key);
 * queue.poll().ifPresent(item -> { try (item) { reconcile(item.key()); } });
 * }</pre>
 */
@NullMarked
package dev.kcm.core.queue;

import org.jspecify.annotations.NullMarked;
