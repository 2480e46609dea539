package dev.kcm.daemon.profiles;

import dev.kcm.daemon.profiles.StackProfile.Amount;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.List;

/** What the threads of this JVM do at the moment. */
final class Threads {

  private Threads() {}

  private static ThreadInfo[] all() {
    return ManagementFactory.getThreadMXBean().dumpAllThreads(true, false);
  }

  static int count() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  /** Threads by stack. */
  static StackProfile byStack() {
    StackProfile profile = new StackProfile(new Amount("goroutine", "count"));
    for (ThreadInfo thread : all()) {
      List<Frame> stack = Arrays.stream(thread.getStackTrace()).map(Frame::of).toList();
      profile.add(stack.isEmpty() ? List.of(Frame.named("(no Java frames)")) : stack, 1);
    }
    return profile;
  }

  /** Threads by their name without its number. */
  static StackProfile byName() {
    StackProfile profile = new StackProfile(new Amount("threadcreate", "count"));
    for (ThreadInfo thread : all()) {
      profile.add(List.of(Frame.named(thread.getThreadName().replaceAll("[0-9]+", "N"))), 1);
    }
    return profile;
  }

  /** Each thread with its state, locks and whole stack. */
  static String dump() {
    StringBuilder text = new StringBuilder();
    for (ThreadInfo thread : all()) {
      text.append("thread ")
          .append(thread.getThreadId())
          .append(" \"")
          .append(thread.getThreadName())
          .append("\" [")
          .append(thread.getThreadState());
      if (thread.getLockName() != null) {
        text.append(" on ").append(thread.getLockName());
      }
      if (thread.getLockOwnerName() != null) {
        text.append(" owned by \"").append(thread.getLockOwnerName()).append('"');
      }
      text.append("]:\n");
      StackTraceElement[] stack = thread.getStackTrace();
      for (int i = 0; i < stack.length; i++) {
        text.append('\t').append(stack[i]).append('\n');
        for (MonitorInfo monitor : thread.getLockedMonitors()) {
          if (monitor.getLockedStackDepth() == i) {
            text.append("\t- locked ").append(monitor).append('\n');
          }
        }
      }
      text.append('\n');
    }
    return text.toString();
  }
}
