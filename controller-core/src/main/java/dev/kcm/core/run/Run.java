package dev.kcm.core.run;

import dev.kcm.core.api.Fence;
import dev.kcm.core.object.ObjectKey;
import java.time.Duration;
import java.util.function.BiConsumer;

/**
 * One run for one key: what the executor needs to know besides the plan.
 *
 * @param key the key the plan was made for
 * @param id tells this run from others in logs
 * @param expectations where creations and deletions of the key are counted
 * @param fence asked before each write; once closed, the rest of the run is skipped
 * @param requeue takes the keys of {@code Enqueue} actions, with their delay
 */
public record Run(
    ObjectKey key,
    String id,
    Expectations expectations,
    Fence fence,
    BiConsumer<ObjectKey, Duration> requeue) {}
