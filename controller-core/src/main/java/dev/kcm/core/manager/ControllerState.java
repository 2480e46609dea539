package dev.kcm.core.manager;

import dev.kcm.core.loop.LoopState;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a controller is doing at one moment.
 *
 * @param name canonical name
 * @param trouble why it does not do its work, or could not take it up; null when all is well
 * @param loops its loops; empty while it does not run
 */
public record ControllerState(String name, @Nullable String trouble, List<LoopState> loops) {

  public ControllerState {
    loops = List.copyOf(loops);
  }

  /** Everything in words, for a terminal; lines end in {@code \n}. */
  public String text() {
    return name
        + (trouble == null ? "" : ": " + trouble)
        + "\n"
        + loops.stream().map(LoopState::text).collect(Collectors.joining());
  }
}
