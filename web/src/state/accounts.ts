// What one does about accounts, one's own and others', that changes nothing of what the page holds. An action throws ApiError.
import { api } from "../wire/api";
import type { Invite, Listed, Session, UserId } from "../wire/types";

export const accounts = {
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
