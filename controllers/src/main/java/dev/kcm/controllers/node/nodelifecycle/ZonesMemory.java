package dev.kcm.controllers.node.nodelifecycle;

import java.util.Map;

/**
 * What is remembered of all zones.
 *
 * @param turnstiles those of zones there were at the last look
 */
record ZonesMemory(Map<String, Turnstile> turnstiles) {

  static final ZonesMemory NONE = new ZonesMemory(Map.of());

  ZonesMemory {
    turnstiles = Map.copyOf(turnstiles);
  }
}
