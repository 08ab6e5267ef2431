/** How many times the server has been heard again: what was said of it before is no longer so. */
class Reached {
  times = $state(0);
}

export const reached = new Reached();
