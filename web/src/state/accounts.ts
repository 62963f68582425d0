// What one does about accounts, one's own and others', and about the community. An action throws ApiError: forms show `detail`
// beside `field`.
import { ApiError, api } from "../wire/api";
import type { FileId, Invite, Listed, LoggedIn, Me, Server, Session, User, UserId } from "../wire/types";
import { app } from "./app.svelte";
import { feed } from "./feed.svelte";

export type MeChange = Partial<Pick<User, "name" | "colour" | "avatar" | "status">> & {
  picture?: FileId | null;
};

export type Registration = {
  username: string;
  password: string;
  display_name?: string;
  invite?: string;
  setup_code?: string;
};

export const accounts = {
  async register(account: Registration): Promise<void> {
    const { user } = await api.post<LoggedIn>("accounts", account);
    app.server = await api.get<Server>("server");
    await app.enter(user);
  },
  async login(username: string, password: string): Promise<void> {
    const { user } = await api.post<LoggedIn>("sessions", { username, password });
    await app.enter(user);
  },
  async logout(): Promise<void> {
    app.leaving = true;
    try {
      await feed.beforeLeaving();
      await api.delete("sessions/current").catch((error) => {
        if (!(error instanceof ApiError) || error.code !== "unauthenticated") throw error;
      });
      await app.signedOut(false);
    } finally {
      app.leaving = false;
    }
  },

  async saveMe(change: MeChange): Promise<void> {
    const me = await api.patch<Me>("me", change);
    // Of all the rest the line may have told something newer.
    const told = Object.keys(change).map((what) => [what, me[what as keyof MeChange]]);
    feed.setMe({ ...(feed.me ?? me), ...Object.fromEntries(told) });
  },
  async saveServer(
    change: Partial<Pick<Server, "name" | "join" | "previews" | "history" | "emoji">>,
  ): Promise<void> {
    app.server = await api.patch<Server>("server", change);
  },

  changePassword: (current: string, password: string): Promise<void> =>
    api.put("me/password", { current, password }),

  sessions: async (): Promise<Session[]> => (await api.get<{ sessions: Session[] }>("sessions")).sessions,
  endSession: (id: number): Promise<void> => api.delete(`sessions/${id}`),

  invites: async (): Promise<Invite[]> => (await api.get<{ invites: Invite[] }>("invites")).invites,
  invite: (terms: { max_uses?: number; expires_in?: number } = {}): Promise<Invite> =>
    api.post("invites", terms),
  endInvite: (id: number): Promise<void> => api.delete(`invites/${id}`),

  /** With what only those who keep the keys act on. */
  person: (id: UserId): Promise<Listed & { banned?: boolean }> => api.get(`users/${id}`),
  setRole: (id: UserId, role: "owner" | "admin" | "member"): Promise<void> =>
    api.put(`users/${id}/role`, { role }),
  ban: (id: UserId): Promise<void> => api.put(`users/${id}/ban`),
  unban: (id: UserId): Promise<void> => api.delete(`users/${id}/ban`),
};
