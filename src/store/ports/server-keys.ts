/** A pair of secrets for the API of `serve`, as SHA-256 in hex. */
export interface ServerKeyRow {
  id: number;
  userHash: string;
  organizationHash: string;
  createdAt: number;
}

export interface ServerKeyRows {
  add(row: Omit<ServerKeyRow, 'id'>): Promise<number>;
  list(): Promise<ServerKeyRow[]>;
}
