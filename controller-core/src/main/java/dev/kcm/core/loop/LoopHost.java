package dev.kcm.core.loop;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.Fence;
import dev.kcm.core.plan.Action;
import dev.kcm.core.time.Environment;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a loop runs on.
 *
 * @param environment clocks, timers, threads
 * @param client writes what plans say; the loop does not close it
 * @param meters where the meters of the loop and its queue are registered
 * @param events gives the recorder for an event source component
 * @param fence whether this process may write; while it is closed no key is handed out
 */
public record LoopHost(
    Environment environment,
    ApiClient client,
    MeterRegistry meters,
    Function<String, Consumer<Action.Emit>> events,
    Fence fence) {}
