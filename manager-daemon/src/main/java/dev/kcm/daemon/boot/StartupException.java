package dev.kcm.daemon.boot;

import java.util.List;

/** The program cannot start. It carries one sentence for each thing that is wrong. */
final class StartupException extends Exception {

  private static final long serialVersionUID = 1L;

  StartupException(List<String> problems) {
    super(problems.size() == 1 ? problems.get(0) : "[" + String.join(", ", problems) + "]");
  }
}
