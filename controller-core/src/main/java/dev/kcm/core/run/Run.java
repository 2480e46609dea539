package dev.kcm.core.run;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Report.Result;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One run for one key: what the executor needs to know besides the plan.
 *
 * @param key the key the plan was made for
 * @param id tells this run from others in logs
 * @param expectations where creations and deletions of the key are counted
 * @param cancellation asked before each write; once closed, the rest of the run is skipped, and
 *     once cancelled, answers are not waited for
 * @param requeue takes the keys of {@code Enqueue} actions, with their delay
 * @param results hears of each result, in the mailbox of the run; must not throw
 */
public record Run(
    ObjectKey key,
    String id,
    Expectations expectations,
    Cancellation cancellation,
    BiConsumer<ObjectKey, Duration> requeue,
    Consumer<Result> results) {}
